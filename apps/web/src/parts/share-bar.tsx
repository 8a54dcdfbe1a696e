/** A score on a line from real to cloned: leaves the middle to the side it leans to. Words stand beside it. */
export function ShareBar({ share }: { share: number }) {
  const from = Math.min(share, 0.5);
  const side = share > 0.5 ? 'fake' : 'real';
  return (
    <svg class="share-bar" aria-hidden="true">
      <rect class="bar-track" width="100%" height="100%" rx="4" />
      <rect
        class={`bar-${side}`}
        x={`${100 * from}%`}
        width={`${100 * Math.abs(share - 0.5)}%`}
        height="100%"
        rx="2"
      />
      <line class="bar-middle" x1="50%" x2="50%" y1="0" y2="100%" />
    </svg>
  );
}
