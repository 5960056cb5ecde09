import { MissionError } from '../../contracts/errors.js';

/** A fault in the configuration. */
export interface ConfigFault {
  /**
   * The variable, or the file with its line, such as `PORT` or
   * `/p/mission.yaml:3`.
   */
  where: string;
  /** Description of the fault, without the place. */
  message: string;
  /** The action that resolves the fault. */
  hint: string;
}

const line = ({ where, message, hint }: ConfigFault) => `  ${where}: ${message}. ${hint}.`;

/**
 * Builds one `config_invalid` error for all faults; `data` holds them as a
 * list.
 */
export function configInvalid(faults: ConfigFault[]): MissionError {
  const text = `The configuration has ${faults.length} error${faults.length === 1 ? '' : 's'}:`;
  return new MissionError(
    'config_invalid',
    [text, ...faults.map(line)].join('\n'),
    faults.map((fault) => ({ ...fault })),
  );
}
