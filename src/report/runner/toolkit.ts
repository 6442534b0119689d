/** Where an annotation points. */
export type AnnotationProperties = { title?: string; file?: string; startLine?: number };

/** The runner's interface to a step: `@actions/core`, or a fake in tests. */
export type Toolkit = {
  getInput(name: string): string;
  setSecret(secret: string): void;
  setOutput(name: string, value: string): void;
  info(text: string): void;
  debug(text: string): void;
  notice(text: string, properties?: AnnotationProperties): void;
  warning(text: string, properties?: AnnotationProperties): void;
  error(text: string, properties?: AnnotationProperties): void;
  setFailed(text: string): void;
  startGroup(title: string): void;
  endGroup(): void;
  writeSummary(markdown: string): Promise<void>;
};
