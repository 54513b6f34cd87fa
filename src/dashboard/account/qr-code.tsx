import { generate } from 'lean-qr/nano';

/** Modules of quiet around it, as scanners want them (ISO/IEC 18004). */
const QUIET = 4;

/** A QR code of a text of at most a few hundred bytes; black on white under every theme, as scanners want it. */
export function QrCode({ text }: { text: string }) {
  const code = generate(text);
  const places = [...Array(code.size).keys()];
  const dark = places.flatMap((y) => places.map((x) => (code.get(x, y) ? `M${x} ${y}h1v1h-1z` : '')));
  const whole = code.size + 2 * QUIET;
  return (
    <svg class="qr" viewBox={`${-QUIET} ${-QUIET} ${whole} ${whole}`} role="img" aria-label="QR">
      <path d={dark.join('')} />
    </svg>
  );
}
