import type { AnnotationProperties, Toolkit } from '../../src/report/runner/log.ts';
import type { StepResult } from '../runner/runner.mjs';
import { commandsIn } from '../runner/workflow-commands.mjs';

/** What `@actions/core` does in a step, recorded in memory as the runner would see it. */
export type RecordingToolkit = {
  toolkit: Toolkit;
  result: () => Omit<StepResult, 'durationMs'>;
};

/**
 * Makes a toolkit that writes the workflow commands, outputs and summary that `@actions/core` writes.
 *
 * @param inputs the texts of all declared inputs
 * @param onLine called with each line of the log, as it is written
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function recordingToolkit(
  inputs: Record<string, string>,
  onLine: (line: string) => void = () => {},
): RecordingToolkit {
  let log = '';
  let summary = '';
  let exitCode = 0;
  const outputs: Record<string, string> = {};
  const write = (line: string): void => {
    log += `${line}\n`;
    onLine(line);
  };
  const command = (name: string, message: string, properties: AnnotationProperties = {}): void => {
    const { title, file, startLine } = properties;
    const pairs = Object.entries({ title, file, line: startLine })
      .filter(([, value]) => value)
      .map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
    write(`::${name}${pairs.length > 0 ? ` ${pairs.join(',')}` : ''}::${escapeData(message)}`);
  };
  const toolkit: Toolkit = {
    getInput: (name) => (inputs[name] ?? '').trim(),
    setSecret: (secret) => command('add-mask', secret),
    setOutput: (name, value) => {
      outputs[name] = value.replaceAll('\r\n', '\n');
    },
    info: write,
    debug: (text) => command('debug', text),
    notice: (text, properties) => command('notice', text, properties),
    warning: (text, properties) => command('warning', text, properties),
    error: (text, properties) => command('error', text, properties),
    setFailed(text) {
      exitCode = 1;
      command('error', text);
    },
    startGroup: (title) => command('group', title),
    endGroup: () => command('endgroup', ''),
    writeSummary: async (markdown) => {
      summary += markdown;
    },
  };
  return {
    toolkit,
    result: () => ({ exitCode, signal: null, log, outputs, summary, ...commandsIn(log) }),
  };
}

const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
