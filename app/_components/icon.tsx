const paths = {
  home: 'M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1Z',
  cloud: 'M7 18a4 4 0 0 1-.5-7.970A5.500 5.500 0 0 1 17.200 9 4.500 4.500 0 0 1 17 18Z',
  personas: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 8a7 7 0 0 1 14 0',
  backups: 'M12 4v10m-4-4 4 4 4-4M5 16v3a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-3',
  codes: 'M5 11h14v9H5Zm3 0V8a4 4 0 0 1 8 0v3m-4 3.500v2.500',
  activity: 'M4 12h4l2.500-6 4 12 2-6H20',
  security: 'M12 3l7 3v5c0 4.500-3 8-7 10-4-2-7-5.500-7-10V6Z',
  more: 'M6 11.500a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1Zm6 0a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1Zm6 0a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1Z',
  leave: 'M14 4h5v16h-5M4 12h10m-3.500-3.500L14 12l-3.500 3.500',
  device: 'M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1Zm3 15h2',
  sync: 'M4 12a8 8 0 0 1 13.700-5.600L20 8.500M20 4v4.500h-4.500M20 12a8 8 0 0 1-13.700 5.600L4 15.500M4 20v-4.500h4.500',
  account: 'M12 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7Zm-6.500 8a6.500 6.500 0 0 1 13 0Z',
  keeper: 'M14.500 9.500a4 4 0 1 1-2.800-3.800 4 4 0 0 1 2.800 3.800ZM13.500 12.500 20 19m-2.500-2.500 2-2',
  people:
    'M9 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7Zm-6.500 8a6.500 6.500 0 0 1 13 0M16 5a3.300 3.300 0 0 1 0 6.300m2 2.700a6.500 6.500 0 0 1 3.500 5.500',
  storage:
    'M5 6.500c0-1.700 3.100-3 7-3s7 1.300 7 3-3.100 3-7 3-7-1.300-7-3Zm0 0v11c0 1.700 3.100 3 7 3s7-1.300 7-3v-11m-14 5.500c0 1.700 3.100 3 7 3s7-1.300 7-3',
  snapshots: 'M4 8h3.500L9 5.500h6L16.500 8H20v11H4Zm8 8.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7Z',
  watch:
    'M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12Zm9.500 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z',
  server: 'M4 5h16v6H4Zm0 8h16v6H4Zm3-5h.5M7 16h.5',
  warning: 'M12 4 2.500 20h19Zm0 6v5m0 2.200v.3',
  good: 'M4 12.500 9.500 18 20 6.500',
  bell: 'M6 16.500V11a6 6 0 0 1 12 0v5.500l1.500 1.500h-15ZM10 20.500a2 2 0 0 0 4 0',
  next: 'm9 5 7 7-7 7',
  back: 'm15 5-7 7 7 7',
} as const

export type IconName = keyof typeof paths

/** A line drawing of 24 by 24 in the colour of the text; what it means is said beside it. */
export function Icon({ name, className = 'size-5' }: { name: IconName; className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={`shrink-0 ${className}`}>
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.800"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  )
}
