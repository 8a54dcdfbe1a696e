/** Strokes of a 24-unit grid; drawn for this interface. */
const PATHS = {
  upload: 'M12 16V4m0 0L7 9m5-5 5 5M4 16v3a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-3',
  microphone: 'M12 3a3 3 0 0 1 3 3v6a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3ZM6 11v1a6 6 0 0 0 12 0v-1M12 18v3',
  play: 'M8 5.5v13l10-6.5-10-6.5Z',
  pause: 'M8 5v14M16 5v14',
  stop: 'M7 7h10v10H7z',
  share:
    'M15 7a2.5 2.5 0 1 0 0-.01M6 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM15 19.5a2.5 2.5 0 1 0 0-.01M8.3 10.8l5.6-3M8.3 13.2l5.6 4.4',
  download: 'M12 4v12m0 0 5-5m-5 5-5-5M4 19h16',
  print: 'M7 9V4h10v5M7 17H5a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1h14a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-2M7 14h10v6H7z',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  cross: 'M6 6l12 12M18 6 6 18',
  question:
    'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM9.5 9.5a2.5 2.5 0 1 1 3.7 2.2c-.8.5-1.2 1-1.2 1.8M12 16.6v.1',
  alert: 'M12 8v5m0 3v.1M12 3.5 2.8 19.5h18.4L12 3.5Z',
  menu: 'M4 7h16M4 12h16M4 17h16',
  back: 'M10 6 4 12l6 6M4 12h16',
  file: 'M7 3h7l4 4v14H7zM14 3v4h4',
  archive: 'M4 4h16v5H4zM5 9v11h14V9M10 13h4',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5l3 2',
  split: 'M4 12h5l7-6h4M9 12l7 6h4',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration beside words; never the only name of a control. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
