import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_CEILINGS } from '../../../src/contracts/catalog.js';
import { Library } from '../../../src/platform/library/library.js';

const directive = (name: string) => `name: ${name}\nversion: 1.0.0\nsteps: []\n`;

describe('Library', () => {
  let root: string;
  let library: Library;

  const write = async (file: string, text: string) => {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  };
  const problemOf = async (part: string) =>
    (await library.problems()).find(({ file }) => file.includes(part))?.message;

  beforeAll(async () => void (root = await mkdtemp(join(tmpdir(), 'library-'))));
  afterAll(() => rm(root, { recursive: true }));
  beforeEach(async () => {
    await rm(join(root, 'project'), { recursive: true, force: true });
    await rm(join(root, 'home'), { recursive: true, force: true });
    library = new Library({
      project: join(root, 'project'),
      userHome: join(root, 'home'),
      mcpServers: ['everything'],
      ceilings: DEFAULT_CEILINGS,
    });
  });

  it('takes no test for a directive', async () => {
    await write('project/.ai/directives/one.yaml', directive('one'));
    await write('project/.ai/directives/one.test.yaml', 'directive: one\ntests: []\n');
    expect((await library.directive('one'))?.file).toContain('one.yaml');
    expect(await library.problems()).toEqual([]);
  });

  it('ships the four seed directives where the project has none', async () => {
    const names = (await library.directives()).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'analyze_patterns',
        'coordinate_mcps',
        'heal_mcp_connection',
        'monitor_thread_health',
      ]),
    );
    expect(await library.problems()).toEqual([]);
  });

  it('prefers the project to the user, in any folder and either ending', async () => {
    await write('home/.ai/directives/greet.yaml', directive('greet'));
    expect(await library.directive('greet')).toMatchObject({ source: 'user' });
    await write('project/.ai/directives/deep/er/greet.yml', directive('greet'));
    expect(await library.directive('greet')).toMatchObject({
      source: 'project',
      file: join(root, 'project/.ai/directives/deep/er/greet.yml'),
    });
    expect(await library.problems()).toEqual([
      expect.objectContaining({
        file: join(root, 'home/.ai/directives/greet.yaml'),
        shadowed: true,
      }),
    ]);
  });

  it('finds a directive by its name, whatever its file is called and however it is written', async () => {
    await write('project/.ai/directives/copy_of.yaml', directive('other'));
    await write(
      'project/.ai/directives/flow.yml',
      '{"name": "flow", "version": "1.0.0", "steps": []}',
    );
    await write('project/.ai/directives/data.json', '{ "name": "from_json" }');
    await write('project/.ai/directives/UPPER.YAML', `"name": 'upper'\n`);
    await write('project/.ai/directives/late.yaml', 'steps: []\n? name\n: late # here\n');
    await write('project/.ai/directives/anchor.yaml', 'description: &n anchored\nname: *n\n');
    expect(await library.problems()).toEqual([]);
    for (const name of ['other', 'flow', 'from_json', 'upper', 'late', 'anchored'])
      expect(await library.directive(name)).toMatchObject({ name, source: 'project' });
  });

  it('keeps, of two files of one name, the one that is called so', async () => {
    await write('project/.ai/directives/a_copy.yaml', directive('greet'));
    await write('project/.ai/directives/greet.yaml', directive('greet'));
    await write('project/.ai/directives/z_copy.yaml', directive('greet'));
    expect((await library.directive('greet'))?.file).toContain('/greet.yaml');
    expect(await problemOf('a_copy')).toContain(
      '/greet.yaml has the same name (greet) and its file',
    );
    expect(await problemOf('z_copy')).toContain('rename one of the two');
  });

  it('tells of a file that is left out once, until it is mended', async () => {
    const told: string[] = [];
    const { problems } = (library = new Library({
      project: join(root, 'project'),
      userHome: join(root, 'home'),
      mcpServers: [],
      ceilings: DEFAULT_CEILINGS,
      onProblem: ({ file, message }) => told.push(`${file} ${message}`),
    }));
    const look = () => problems.call(library);
    await write('project/.ai/directives/bad.yaml', 'version: 1.0.0\n');
    for (let at = 0; at < 3; at++) await look();
    expect(told).toEqual([expect.stringContaining('bad.yaml has no readable name')]);
    await write('project/.ai/directives/bad.yaml', directive('bad'));
    await look();
    await write('project/.ai/directives/bad.yaml', 'version: 1.0.0\n');
    await look();
    expect(told).toHaveLength(2);
  });

  it('gives the same directives again while no file changes', async () => {
    await write('project/.ai/directives/greet.yaml', directive('greet'));
    const first = await library.snapshot();
    expect((await library.snapshot()).directives).toBe(first.directives);
    await write('project/.ai/directives/new.yaml', directive('new'));
    expect((await library.snapshot()).directives.has('new')).toBe(true);
  });

  it('takes the project for its own user where the home directory is the project', async () => {
    const home = join(root, 'project');
    library = new Library({
      project: home,
      userHome: home,
      mcpServers: [],
      ceilings: DEFAULT_CEILINGS,
    });
    await write('project/.ai/directives/greet.yaml', directive('greet'));
    await write('project/.ai/directives/bad.yaml', '');
    expect(await library.directive('greet')).toMatchObject({ source: 'project' });
    expect(await library.problems()).toHaveLength(1);
  });

  it('sees an edit, a new file and a removed one at the next call', async () => {
    await write('project/.ai/directives/greet.yaml', directive('greet'));
    await library.directives();
    await write('project/.ai/directives/greet.yaml', `${directive('greet')}# new\n`);
    expect((await library.directive('greet'))?.text).toContain('# new');
    await rm(join(root, 'project/.ai/directives/greet.yaml'));
    expect(await library.directive('greet')).toBeUndefined();
  });

  it('gives a caller who comes during a reading what was written before the call', async () => {
    await write('project/.ai/directives/greet.yaml', directive('greet'));
    // Written beside it: a reading must not meet half a file.
    await write('project/new.yaml', `${directive('greet')}# new\n`);
    const first = library.directive('greet');
    await rename(join(root, 'project/new.yaml'), join(root, 'project/.ai/directives/greet.yaml'));
    const calls = await Promise.all(Array.from({ length: 50 }, () => library.directive('greet')));
    expect(calls.every((each) => each?.text.includes('# new'))).toBe(true);
    expect((await first)?.name).toBe('greet');
  });

  it('keeps a system directive in force and says so', async () => {
    await write(
      'project/.ai/directives/heal_mcp_connection.yaml',
      directive('heal_mcp_connection'),
    );
    expect(await library.directive('heal_mcp_connection')).toMatchObject({ source: 'system' });
    expect(await problemOf('project/.ai')).toContain('system directive');
  });

  it('lists files that it leaves out', async () => {
    await write('project/.ai/directives/number.yaml', 'name: 12\nversion: 1.0.0\n');
    await write('project/.ai/directives/shouted.yaml', directive('SHOUTED'));
    await writeFile(
      join(root, 'project/.ai/directives/latin.yaml'),
      Buffer.from([0x6e, 0xe9, 0x0a]),
    );
    await write('project/.ai/directives/empty.yaml', '');
    await write('project/.ai/directives/large.yaml', directive('large') + '#'.repeat(300_000));
    await write('project/.ai/directives/one/twin.yaml', directive('twin'));
    await write('project/.ai/directives/two/twin.yaml', directive('twin'));
    await symlink('/nowhere', join(root, 'project/.ai/directives/gone.yaml'));
    expect(await problemOf('number')).toContain('has no readable name');
    expect(await problemOf('shouted')).toContain('a name that is not valid (SHOUTED)');
    expect(await problemOf('latin')).toContain('is not UTF-8 text');
    expect(await problemOf('empty')).toContain('has no readable name');
    expect(await problemOf('large')).toContain('262144');
    expect(await problemOf('two/twin')).toContain('one/twin.yaml has the same name');
    expect(await problemOf('gone')).toContain('cannot be read');
    expect((await library.directives()).filter(({ source }) => source === 'project')).toHaveLength(
      1,
    );
  });

  it('reads names with a byte order mark, CRLF, quotes and comments', async () => {
    await write('project/.ai/directives/a.yaml', '\uFEFFname: a\r\nversion: 1.0.0\r\n');
    await write('project/.ai/directives/b.yaml', '# about\nname: "b"   # b\n');
    expect(await library.directive('a')).toBeDefined();
    expect(await library.directive('b')).toBeDefined();
  });

  it("lists the project's scripts, but none that has the name of a system script", async () => {
    await write('project/.ai/scripts/count_words.py', '');
    await write('project/.ai/scripts/log_failure.py', '');
    const { projectScripts } = await library.catalog();
    expect([...projectScripts.keys()]).toEqual(['count_words']);
    expect(await problemOf('log_failure')).toContain('system script');
  });

  it('puts every system script into the catalog', async () => {
    const { scripts, mcpServers } = await library.catalog();
    const available = [...scripts.values()]
      .filter((each) => each.available)
      .map(({ name }) => name);
    expect(scripts.size).toBe(26);
    expect(available.sort()).toEqual([
      'alert_anomalies',
      'alert_stalled_thread',
      'assign_work_to_mcp',
      'check_mcp_health',
      'check_mcp_status',
      'check_thread_health',
      'cleanup_old_logs',
      'find_anomalies',
      'generate_summary',
      'kernel_execute',
      'kernel_help',
      'kernel_load',
      'kernel_search',
      'log_failure',
      'log_health_check',
      'log_recovery',
      'query_active_threads',
      'reconnect_mcp',
    ]);
    expect(scripts.get('reconnect_mcp')?.inputs.mcp_id?.required).toBe(true);
    expect(scripts.get('reconnect_mcp')?.inputs.max_attempts?.required).toBe(false);
    expect(mcpServers).toEqual(new Set(['everything']));
  });
});
