import { commandReader } from './workflow-commands.mjs';

/** @type {Record<string, string>} */
const LABELS = { error: 'Error: ', warning: 'Warning: ', notice: 'Notice: ', debug: 'Debug: ' };

/**
 * Puts `***` in place of every mask, the longest first, as the runner does.
 * @param {string} text
 * @param {Iterable<string>} masks
 */
export function withMasks(text, masks) {
  return [...masks]
    .sort((a, b) => b.length - a.length)
    .reduce((hidden, mask) => (mask === '' ? hidden : hidden.replaceAll(mask, '***')), text);
}

/**
 * Shows a step's output as GitHub's web log does: groups, labels, masks, debug only on request.
 * @param {{ debug: boolean, write: (line: string) => void }} options
 */
export function logView({ debug, write }) {
  const read = commandReader();
  /** @type {Set<string>} */
  const masks = new Set();
  let indent = '';
  let rest = '';

  /** @param {string} text */
  const print = (text) => write(`${indent}${withMasks(text, masks)}`);

  /** @param {string} line */
  const show = (line) => {
    const command = read(line);
    if (command === undefined) return print(line);
    const { name, message, properties } = command;
    if (name === 'add-mask') {
      for (const mask of [message, ...message.split(/\r?\n/)]) masks.add(mask);
    } else if (name === 'group') {
      indent = '';
      print(`▼ ${message}`);
      indent = '  ';
    } else if (name === 'endgroup') {
      indent = '';
    } else if (Object.hasOwn(LABELS, name) && (name !== 'debug' || debug)) {
      const title = properties.title ? `[${properties.title}] ` : '';
      print(`${LABELS[name]}${title}${message}`);
    }
  };

  return {
    masks,
    /** @param {string} text */
    add(text) {
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? '';
      lines.forEach(show);
    },
    end() {
      if (rest !== '') show(rest);
      rest = '';
    },
  };
}
