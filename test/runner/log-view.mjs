import { commandReader } from './workflow-commands.mjs';

/** @type {Record<string, string>} */
const LABELS = { error: 'Error: ', warning: 'Warning: ', notice: 'Notice: ', debug: 'Debug: ' };

/**
 * Replaces every mask by `***`, the longest first, as the runner does.
 * @param {string} text
 * @param {Iterable<string>} masks
 */
export function withMasks(text, masks) {
  return [...masks]
    .sort((a, b) => b.length - a.length)
    .reduce((masked, mask) => (mask === '' ? masked : masked.replaceAll(mask, '***')), text);
}

/**
 * Renders a step's output as GitHub's log viewer does: groups, labels and masks, and debug lines only
 * on request.
 * @param {{ debug: boolean, write: (line: string) => void }} options
 */
export function logView({ debug, write }) {
  const read = commandReader();
  /** @type {Set<string>} */
  const masks = new Set();
  let indent = '';
  let partial = '';

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
      const lines = (partial + text).split(/\r?\n/);
      partial = lines.pop() ?? '';
      lines.forEach(show);
    },
    end() {
      if (partial !== '') show(partial);
      partial = '';
    },
  };
}
