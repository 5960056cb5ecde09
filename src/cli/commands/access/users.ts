import type { Handler } from '../../client/command-spec.js';
import { ACCESS_DOCUMENTS } from '../../client/access-documents.js';
import { when } from '../../render/run.js';
import { table } from '../../render/table.js';
import { CliError, EXIT } from '../../terminal/cli-error.js';

interface UserView {
  name: string;
  role: string;
  createdAt: string;
  disabledAt: string | null;
}

interface RoleView {
  name: string;
  rights: string[] | null;
  builtIn: boolean;
}

/** `mission users list`. With `--json` one line per user. */
export const listUsers: Handler = async (session) => {
  const api = await session.api();
  const { users } = await api.graphql<{ users: UserView[] }>(ACCESS_DOCUMENTS.users);
  if (session.json) users.forEach((user) => session.result(user, String));
  else if (users.length === 0)
    session.note('no users; add one with mission users add NAME --role ROLE');
  else {
    const rows = users.map((user) => [
      user.name,
      user.role,
      when(user.createdAt),
      user.disabledAt ? 'disabled' : 'enabled',
    ]);
    session.result(users, () => table(['NAME', 'ROLE', 'SINCE', 'STATE'], rows, session.columns));
  }
  return EXIT.done;
};

/** `mission users add NAME --role ROLE`: adds a user, or changes its role. */
export const addUser: Handler = async (session, [name], { role }) => {
  if (typeof role !== 'string')
    throw new CliError(EXIT.usage, 'usage', 'give a role: --role operator, developer or viewer');
  const api = await session.api();
  const { setUser: user } = await api.graphql<{ setUser: UserView }>(ACCESS_DOCUMENTS.setUser, {
    name: name!,
    role,
  });
  session.result(
    user,
    () => `${user.name} is ${user.role}; give it a key with mission keys create ${user.name}`,
  );
  return EXIT.done;
};

/** `mission users disable NAME`. */
export const disableUser: Handler = async (session, [name]) => {
  const api = await session.api();
  const { disableUser: user } = await api.graphql<{ disableUser: UserView }>(
    ACCESS_DOCUMENTS.disableUser,
    { name: name! },
  );
  session.result(user, () => `${user.name} is disabled: its keys are refused`);
  return EXIT.done;
};

/** `mission roles list`. With `--json` one line per role. */
export const listRoles: Handler = async (session) => {
  const api = await session.api();
  const { roles } = await api.graphql<{ roles: RoleView[] }>(ACCESS_DOCUMENTS.roles);
  if (session.json) roles.forEach((role) => session.result(role, String));
  else {
    const rows = roles.map(({ name, rights }) => [name, rights?.join(' ') ?? 'everything']);
    session.result(roles, () => table(['NAME', 'RIGHTS'], rows, session.columns));
  }
  return EXIT.done;
};

/** `mission roles set NAME RIGHT…`. */
export const setRole: Handler = async (session, [name, ...rights]) => {
  const api = await session.api();
  const { setRole: role } = await api.graphql<{ setRole: RoleView }>(ACCESS_DOCUMENTS.setRole, {
    name: name!,
    rights,
  });
  session.result(role, () => `${role.name}: ${role.rights?.join(' ')}`);
  return EXIT.done;
};
