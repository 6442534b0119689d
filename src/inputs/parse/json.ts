import { maxDepth } from './parsed.ts';

/**
 * Parses JSON in which nothing needs to be reported. Undefined for every other text; the YAML
 * parser reads JSON too, and reports what is wrong with line and column.
 */
export function parseCleanJson(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const skeleton = text.replace(/\\./g, '').replace(/"[^"]*"/g, '"');
  const isClean = isShallow(skeleton) && keepsNumbers(skeleton) && keepsKeys(skeleton, value);
  return isClean ? value : undefined;
}

function isShallow(skeleton: string): boolean {
  let depth = 0;
  for (const [bracket] of skeleton.matchAll(/[{}[\]]/g)) {
    depth += bracket === '{' || bracket === '[' ? 1 : -1;
    if (depth > maxDepth) return false;
  }
  return true;
}

function keepsNumbers(skeleton: string): boolean {
  for (const [literal] of skeleton.matchAll(/-?\d[\d.eE+-]*/g)) {
    if (JSON.stringify(Number(literal)) !== literal) return false;
  }
  return true;
}

/** Whether every written key is in the value and not empty: `JSON.parse` drops duplicates. */
function keepsKeys(skeleton: string, value: unknown): boolean {
  let written = skeleton.split(':').length - 1;
  const open = [value];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (typeof one !== 'object' || one === null) continue;
    for (const [key, inner] of Object.entries(one)) {
      if (key === '') return false;
      if (typeof inner === 'object' && inner !== null) open.push(inner);
    }
    if (!Array.isArray(one)) written -= Object.keys(one).length;
  }
  return written === 0;
}
