import { MissionError } from '../../contracts/errors.js';

/** One thing that is wrong with the configuration. */
export interface ConfigFault {
  /** The variable, or the file with its line, such as `PORT` or `/p/mission.yaml:3`. */
  where: string;
  /** What is wrong. */
  message: string;
  /** What to do about it. */
  hint: string;
}

const line = ({ where, message, hint }: ConfigFault) => `  ${where}: ${message}. ${hint}.`;

/** One `config_invalid` for all faults; `data` holds them as a list. */
export function configInvalid(faults: ConfigFault[]): MissionError {
  const text = `The configuration has ${faults.length} fault${faults.length === 1 ? '' : 's'}:`;
  return new MissionError(
    'config_invalid',
    [text, ...faults.map(line)].join('\n'),
    faults.map((fault) => ({ ...fault })),
  );
}
