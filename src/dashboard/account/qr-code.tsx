import encodeQR from 'qr';

/** Modules of quiet around it, as scanners want them (ISO/IEC 18004). */
const QUIET = 4;

/** A QR code of a text of at most a few hundred bytes; black on white under every theme, as scanners want it. */
export function QrCode({ text }: { text: string }) {
  const rows = encodeQR(text, 'raw', { border: QUIET });
  const dark = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : [])));
  return (
    <svg class="qr" viewBox={`0 0 ${rows.length} ${rows.length}`} role="img" aria-label="QR">
      <path d={dark.join('')} />
    </svg>
  );
}
