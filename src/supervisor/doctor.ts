import type { Config } from '../platform/config/config.js';
import type { Finding } from './checks/check.js';
import { checkDatabase } from './checks/database.js';
import { checkEngine } from './checks/engine.js';
import { checkHome } from './checks/home.js';
import { checkInstance } from './checks/instance.js';
import { checkKeyFiles } from './checks/key-files.js';
import { checkMcpServers } from './checks/mcp-servers.js';
import { checkMeaning } from './checks/meaning.js';
import { checkModels } from './checks/models.js';
import { checkPrograms } from './checks/programs.js';

/**
 * The result of `mission doctor`. `ok` is false when there is an error;
 * warnings do not count.
 */
export interface DoctorReport {
  ok: boolean;
  checks: Finding[];
}

const CHECKS = [
  checkPrograms,
  checkMcpServers,
  checkHome,
  checkKeyFiles,
  checkModels,
  checkMeaning,
  checkDatabase,
  checkEngine,
  checkInstance,
];

/**
 * Checks everything that Mission Control needs on this machine, and the running
 * instance. It changes nothing.
 */
export async function runDoctor(config: Config): Promise<DoctorReport> {
  const checks = (await Promise.all(CHECKS.map((check) => check(config)))).flat();
  return { ok: checks.every(({ status }) => status !== 'error'), checks };
}

const MARKS = { ok: 'ok', warning: 'WARN', error: 'FAIL' };

/** Formats the report as lines for a person. */
export const doctorLines = ({ checks }: DoctorReport): string[] =>
  checks.map(({ name, status, message, hint }) => {
    const line = `${MARKS[status].padEnd(5)} ${name.padEnd(16)} ${message}`;
    return hint ? `${line}. ${hint}.` : line;
  });
