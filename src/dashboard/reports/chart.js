import { jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { formatDay, formatNumber, t } from '../words/index.ts';
const WIDTH = 720;
const HEIGHT = 220;
const FOOT = 24;
const SIDE = 40;
const LINES = ['approved', 'rejected', 'spam'];
/** The next round number above: 1, 2 or 5 times a power of ten. */
function roundUp(value) {
    const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
    return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}
/**
 * Comments by day: bars for what came, lines for what was decided, told apart by their strokes and not by
 * colour alone. The table below says the same in numbers.
 */
export function VolumeChart({ volume }) {
    const top = roundUp(Math.max(1, ...volume.map(({ created, ...rest }) => Math.max(created, ...LINES.map((l) => rest[l])))));
    const step = (WIDTH - SIDE) / Math.max(1, volume.length);
    const y = (value) => 8 + (HEIGHT - FOOT - 8) * (1 - value / top);
    const x = (index) => SIDE + step * (index + 0.5);
    const every = Math.ceil(volume.length / 8);
    return (_jsxs("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": t('stats.chart'), direction: "ltr", children: [[0, 0.5, 1].map((share) => (_jsxs("g", { children: [_jsx("line", { class: "axis", x1: SIDE, x2: WIDTH, y1: y(top * share), y2: y(top * share) }), _jsx("text", { x: SIDE - 6, y: y(top * share) + 4, "text-anchor": "end", children: formatNumber(top * share) })] }, share))), volume.map(({ day, created }, index) => (_jsx("rect", { class: "bar-created", x: x(index) - step * 0.38, y: y(created), width: step * 0.76, height: Math.max(0, y(0) - y(created)) }, day))), LINES.map((name) => (_jsx("polyline", { class: `line-${name}`, points: volume.map((each, index) => `${x(index)},${y(each[name])}`).join(' ') }, name))), volume.map(({ day }, index) => index % every === 0 ? (_jsx("text", { x: x(index), y: HEIGHT - 6, "text-anchor": "middle", children: formatDay(day) }, day)) : null)] }));
}
export function Legend() {
    return (_jsxs("ul", { class: "legend chart", children: [_jsxs("li", { children: [_jsx("svg", { width: "28", height: "12", "aria-hidden": "true", children: _jsx("rect", { class: "bar-created", width: "28", height: "12" }) }), t('stats.created')] }), LINES.map((name) => (_jsxs("li", { children: [_jsx("svg", { width: "28", height: "12", "aria-hidden": "true", children: _jsx("line", { class: `line-${name}`, x1: "0", x2: "28", y1: "6", y2: "6" }) }), t(`status.${name}`)] }, name)))] }));
}
