/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  compress: true,
  images: { unoptimized: true },
  // `npm run check` types the whole tree, not only what Next sees.
  typescript: { ignoreBuildErrors: true },
  reactStrictMode: true,
}

export default config
