import type { Plan } from '../../../contracts/plan.js';
import { DIRECTIVE } from '../../definition/header.js';
import { NAME, NAME_HINT, SEMVER } from '../../definition/names.js';
import type { Report } from '../../parse/report.js';
import { isNull } from '../../parse/tree.js';
import type { Fields } from '../fields/fields.js';
import { readText } from '../fields/scalars.js';

/** Reads name, version and description of a directive. */
export function readHeader(
  report: Report,
  fields: Fields,
): Pick<Plan, 'name' | 'directive_version' | 'description'> {
  const description = isNull(fields.get('description'))
    ? missingDescription(report, fields)
    : readText(report, fields.get('description'), '"description"');
  return {
    name: readName(report, fields),
    directive_version: readVersion(report, fields),
    ...(description !== undefined && { description }),
  };
}

function missingDescription(report: Report, fields: Fields): undefined {
  report.add(
    'missing_description',
    fields.at('description'),
    'the directive has no description',
    'add a description that says what it is for',
  );
}

function readName(report: Report, fields: Fields): string {
  const node = fields.get('name');
  const name = readText(report, node, '"name"') ?? '';
  if (node && name !== '' && NAME.test(name)) return name;
  if (node && (name || (node.type === 'scalar' && node.value === ''))) {
    report.add(
      'invalid_name',
      node,
      `${JSON.stringify(name.slice(0, 80))} is not a valid name for a directive`,
      NAME_HINT,
    );
  }
  return name;
}

function readVersion(report: Report, fields: Fields): string {
  const node = fields.get('version');
  if (!node || node.type === 'unknown') return '';
  const version = node.type === 'scalar' ? node.value : null;
  if (typeof version === 'string' && version.length <= 100 && SEMVER.test(version)) return version;
  const shown = JSON.stringify(version)?.slice(0, 40);
  report.add(
    'invalid_version',
    node,
    `the version ${shown} does not follow semver`,
    DIRECTIVE.version.hint,
  );
  return '';
}
