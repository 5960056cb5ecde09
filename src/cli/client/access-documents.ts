const KEY = 'id name user rights readOnly createdAt createdBy expiresAt revokedAt';
const USER = 'name role createdAt createdBy disabledAt';
const ROLE = 'name rights builtIn';

/** GraphQL operations on users, roles and keys. */
export const ACCESS_DOCUMENTS = {
  checks: `query ($executionId: ID, $step: String) { permissionChecks(executionId: $executionId, step: $step) {
    at executionId stepPath iteration actor action target permission allowed refusedBy chain reason } }`,
  keys: `query { apiKeys { ${KEY} } }`,
  createKey: `mutation ($user: String!, $name: String, $rights: [String!], $expiresAt: DateTime, $readOnly: Boolean) {
    createApiKey(user: $user, name: $name, rights: $rights, expiresAt: $expiresAt, readOnly: $readOnly) { key apiKey { ${KEY} } } }`,
  revokeKey: `mutation ($id: ID!) { revokeApiKey(id: $id) { ${KEY} } }`,
  users: `query { users { ${USER} } }`,
  setUser: `mutation ($name: String!, $role: String!) { setUser(name: $name, role: $role) { ${USER} } }`,
  disableUser: `mutation ($name: String!) { disableUser(name: $name) { ${USER} } }`,
  roles: `query { roles { ${ROLE} } }`,
  setRole: `mutation ($name: String!, $rights: [String!]!) { setRole(name: $name, rights: $rights) { ${ROLE} } }`,
};
