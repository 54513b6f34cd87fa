import { readFileSync } from 'node:fs';

/**
 * A plugin for esbuild. Sources in ASCII: V8 keeps a text with one wider character in it at two bytes for each of
 * its letters. An escape means the same in a string, a pattern and a name; a backslash before the character has
 * done its work.
 *
 * @param change what else becomes of a source, given its text and its absolute path
 */
export const asciiSources = (change = (text) => text) => ({
  name: 'ascii-sources',
  setup(build) {
    build.onLoad({ filter: /\.[cm]?[jt]sx?$/ }, ({ path }) => {
      const read = readFileSync(path, 'utf8');
      const text = change(read, path);
      const [loader] = path.match(/[jt]sx?$/);
      // Text between a page's elements knows no escapes.
      const isWide = !loader.endsWith('x') && /[\u0080-\uffff]/.test(text);
      if (text === read && !isWide) return undefined;
      if (!isWide) return { contents: text, loader };
      const contents = text.replace(/(\\*)([\u0080-\uffff])/g, (_, backslashes, character) => {
        const kept = backslashes.slice(backslashes.length % 2);
        return `${kept}\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
      });
      return { contents, loader };
    });
  },
});
