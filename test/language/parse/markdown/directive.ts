import { compileDirective } from '../../../../src/language/compile/compile.js';
import { CATALOG } from '../../catalog.js';
import { VERB_MANIFESTS } from '../../verb-manifests.js';

/** A directive of the format; each part can be replaced. */
export function directive(
  parts: Partial<
    Record<'root' | 'metadata' | 'inputs' | 'process' | 'outputs' | 'after' | 'before', string>
  > = {},
): string {
  const {
    root = 'name="greet" version="1.0.0"',
    metadata = '<description>Greets people</description>\n<permissions><execute resource="kiwi-mcp" action="*"/></permissions>',
    inputs = '<inputs><input name="request" type="string" required="true">What is said</input></inputs>',
    process = '<process><step name="say"><description>Say it</description><action><![CDATA[Say <hello>.]]></action></step></process>',
    outputs = '<outputs><success>It is said</success></outputs>',
    before = '# greet\n\n',
    after = '\n',
  } = parts;
  return `${before}\`\`\`xml\n<directive ${root}>\n<metadata>${metadata}</metadata>\n${inputs}\n${process}\n${outputs}\n</directive>\n\`\`\`${after}`;
}

export const compile = (text: string) => {
  const scripts = new Map([...CATALOG.scripts, ...VERB_MANIFESTS]);
  return compileDirective(text, { ...CATALOG, scripts, models: { names: new Set() } });
};

/** The findings as `line:column code`. */
export const findings = (text: string): string[] =>
  compile(text).diagnostics.map(
    ({ line, column, code, message }) => `${line}:${column} ${code} ${message}`,
  );
