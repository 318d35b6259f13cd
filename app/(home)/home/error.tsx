'use client'

import { PageBroken } from '#app/_components/page-broken.tsx'

export default PageBroken
