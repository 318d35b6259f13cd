/** Where the server that comes back is put together, inside the data folder: on the same disk, so that it only moves. */
export const incomingFolder = 'restoring'
