#!/usr/bin/env node
/**
 * Checks who imports whom (.dependency-cruiser.cjs), and that the check works: a cruiser that reads no
 * modules, or a rule whose pattern matches nothing any more, finds no violation either. So each rule must
 * find the violation planted for it in a copy of the sources.
 */
import { execFile } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const CONFIG = '.dependency-cruiser.cjs';
const FEWEST_MODULES = 50;

/** Rule → a file and the line planted in it. */
const CANARIES = {
  'no-circular': ['src/ids.ts', "export { AppError } from './canary.ts';"],
  'no-unresolvable': ['src/ids.ts', "import './nowhere.ts';"],
  'domain-knows-no-edges': [
    'src/comments/status.ts',
    "import type { Storage } from '../storage/storage.ts';",
  ],
  'domain-needs-no-runtime': ['src/sites/site.ts', "import { readFile } from 'node:fs';\nvoid readFile;"],
  'domain-libraries': ['src/text/fold.ts', "import express from 'express';\nvoid express;"],
  'leaves-are-leaves': ['src/errors.ts', "export type { Site } from './sites/site.ts';"],
  'deps-names-domain-only': ['src/deps.ts', "export type { Config } from './config.ts';"],
  'storage-implements-domain': ['src/storage/storage.ts', "export type { Config } from '../config.ts';"],
  'outgoing-stands-alone': ['src/outgoing/target.ts', "export type { Site } from '../sites/site.ts';"],
  'outgoing-is-handed-in': [
    'src/sites/manage.ts',
    "export { isPublicAddress } from '../outgoing/addresses.ts';",
  ],
  'stores-never-meet': ['src/storage/canary/a.ts', "export { one } from '../canary-other/b.ts';"],
  'sqlite-owns-its-driver': ['src/sites/manage.ts', "import Database from 'better-sqlite3';\nvoid Database;"],
  'mongo-owns-its-driver': ['src/http/app.ts', "import mongoose from 'mongoose';\nvoid mongoose;"],
  'http-knows-no-store': ['src/http/problem.ts', "export type { Storage } from '../storage/storage.ts';"],
  'only-compose-names-adapters': ['src/main.ts', "export { one } from './storage/canary-other/b.ts';"],
  'nobody-composes-but-main': ['src/http/problem.ts', "export type { Gatehouse } from '../compose.ts';"],
  'commands-ask-the-domain': ['src/cli/command.ts', "export type { Storage } from '../storage/storage.ts';"],
  'settings-are-read-once': ['src/http/problem.ts', "export { SETTINGS } from '../../config/settings.ts';"],
  'widget-stands-alone': ['src/widget/api.ts', "export { AppError } from '../errors.ts';"],
  'nobody-imports-the-widget': ['src/http/problem.ts', "export type { Sort } from '../widget/types.ts';"],
  'nothing-imports-tests': ['src/ids.ts', "export { canary } from '../test/canary.ts';"],
  'dashboard-stands-alone': ['src/dashboard/router.ts', "export { AppError } from '../errors.ts';"],
  'dashboard-is-served-as-built': ['src/ids.ts', "export { place } from './dashboard/router.ts';"],
  'dashboard-libraries': ['src/dashboard/router.ts', "import { z } from 'zod';\nvoid z;"],
  'no-development-packages': ['src/ids.ts', "import fc from 'fast-check';\nvoid fc;"],
};
/** What the planted lines refer to. */
const PROPS = {
  'src/canary.ts': "export { AppError } from './errors.ts';\nexport { idFloor } from './ids.ts';\n",
  'src/storage/canary-other/b.ts': 'export const one = 1;\n',
  'test/canary.ts': 'export const canary = 1;\n',
};

/** Runs the cruiser in a folder: how many modules it saw, and the violations as `rule: from → to`. */
async function cruise(folder) {
  const bin = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [bin, '--config', CONFIG, '--output-type', 'json', 'src', 'config'];
  // The exit code is the number of errors; the report says more.
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: folder,
    maxBuffer: 2 ** 28,
  }).catch((failure) => {
    if (!failure.stdout) throw failure;
    return failure;
  });
  const { summary } = JSON.parse(stdout);
  return { modules: summary.totalCruised, violations: summary.violations };
}

/**
 * A copy of the sources to cruise. The cruiser's parser reads no JSX, so of the files that have it only the
 * imports are copied, types included.
 */
function copySources() {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-imports-'));
  for (const name of ['src', 'config', 'package.json', CONFIG])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const name of readdirSync(join(folder, 'src'), { recursive: true })) {
    if (!name.endsWith('.tsx')) continue;
    const file = join(folder, 'src', name);
    const imports =
      readFileSync(file, 'utf8').match(/^(?:import|export)\s(?:[^'"]*?\sfrom\s)?'[^']+';/gm) ?? [];
    writeFileSync(file, `${imports.join('\n')}\nexport {};\n`);
  }
  return folder;
}

/** The rules that did not find what was planted for them. */
async function blindRules(folder) {
  try {
    const plant = (file, text) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      if (existsSync(join(folder, file))) appendFileSync(join(folder, file), `\n${text}\n`);
      else writeFileSync(join(folder, file), `${text}\n`);
    };
    for (const [file, text] of Object.entries(PROPS)) plant(file, text);
    for (const [file, text] of Object.values(CANARIES)) plant(file, text);
    const { violations } = await cruise(folder);
    const found = new Set(violations.map(({ rule, from }) => `${rule.name} ${from}`));
    // A circle may be reported from any file of it.
    const seen = ([rule, [file]]) =>
      [file, ...Object.keys(PROPS)].some((from) => found.has(`${rule} ${from}`));
    return Object.entries(CANARIES)
      .filter((canary) => !seen(canary))
      .map(([rule]) => rule);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const copy = copySources();
const { modules, violations } = await cruise(copy);
const rules = require(join(ROOT, CONFIG)).forbidden.map(({ name }) => name);
const blind = [...rules.filter((rule) => !(rule in CANARIES)), ...(await blindRules(copy))];

for (const { rule, from, to } of violations) process.stdout.write(`${rule.name}: ${from} → ${to}\n`);
for (const rule of blind)
  process.stdout.write(`the rule ${rule} does not find the violation planted for it\n`);
if (modules < FEWEST_MODULES) process.stdout.write(`the check saw ${modules} modules only\n`);
process.stdout.write(`${modules} modules, ${rules.length} rules, ${violations.length} violations\n`);
process.exit(violations.length > 0 || blind.length > 0 || modules < FEWEST_MODULES ? 1 : 0);
