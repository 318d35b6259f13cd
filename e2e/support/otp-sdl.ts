/** The schema of otp §2, as the contract has it. */
export const contractSdl = /* GraphQL */ `
"The query root for this schema"
type Query {
  devices: [Device]
  otps(device_id: Int!, password: String!): [Otp]
}
type Mutation {
  registerUser(email: String, password: String): User
  signInUser(email: String, password: String): SigninUser
  addDevice(name: String, password: String): AddedDeviceResponse
  addOtp(account: String, secret: String, device_id: Int, password: String): AddedOTPResponse
}
"A User"
type User { id: ID  email: String  password: String  devices: [Device] }
"A Device"
type Device { id: ID  name: String  master_password: String  otps: [Otp]  user: User }
"A One-time Password"
type Otp { id: ID  account: String  secret: String  device: Device }
type SigninUser { token: String  user: User }
type AddedDeviceResponse { id: String  name: String }
type AddedOTPResponse { id: String  account: String }
`
