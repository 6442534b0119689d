/** Gives each secret of a file a variable of its own. */
export type VariableNames = {
  /**
   * Names the variable for a secret.
   *
   * @param path within `config`, list positions included
   */
  nameFor(entry: string, path: readonly (string | number)[]): string;
  /** All names so far, in order. */
  names(): string[];
};

/** Names that mean something else in a step's environment. */
const reserved = ['FIVETRAN_APIKEY', 'FIVETRAN_APISECRET', 'FIVETRAN_API_KEY'];

/** Creates the variable names of one file: `BILLING_PASSWORD`, and a number after one that is taken. */
export function createVariableNames(): VariableNames {
  const taken = new Set<string>(reserved);
  const names: string[] = [];
  return {
    nameFor(entry, path) {
      const base = variableName([entry, ...path].join('_'));
      let name = base;
      for (let nth = 2; taken.has(name); nth++) name = `${base}_${nth}`;
      taken.add(name);
      names.push(name);
      return name;
    },
    names: () => [...names],
  };
}

/** GitHub refuses secrets and variables that begin in these ways, or its runner sets such variables. */
const refused = /^(\d|GITHUB_|RUNNER_|INPUT_|ACTIONS_)/;

function variableName(text: string): string {
  const name = text.replace(/[^A-Za-z0-9]/g, '_').toUpperCase();
  return refused.test(name) ? `FIVETRAN_${name}` : name;
}
