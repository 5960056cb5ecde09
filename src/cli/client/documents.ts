const ERROR = 'error { code message step data }';
const RUN = `id directiveName directiveVersion status triggeredBy actor inputs result ${ERROR}
  createdAt startedAt completedAt durationMs rerunOf rerunFrom shadowOf parentId waitsFor spent temporalUrl`;
const STEP = `path name kind iteration status attempt fused reusedFrom childId ${ERROR} durationMs`;
const BULK = `matched done { id startedId } failed { id code message } sample { ${RUN} } endCursor hasNextPage`;
const WHICH = '$filter: ExecutionFilter!, $first: Int, $after: String, $dryRun: Boolean';
const WHICH_RUNS = 'filter: $filter, first: $first, after: $after, dryRun: $dryRun';
const LOG = 'id at level source message data executionId stepPath iteration';
const APPROVAL = `id kind executionId askedBy answer step path iteration description who quorum status decision form answers shows hash votes
  requestedAt expiresAt decidedAt decidedBy comment`;
const SECRET = 'name source keyId updatedAt updatedBy usedAt';
const DIRECTIVE = `name version source description file valid available
  diagnostics { code severity message line column hint }`;
const PAGE_INFO = 'pageInfo { hasNextPage endCursor }';

/**
 * Every GraphQL operation of the command line; a test validates them against
 * the schema.
 */
export const DOCUMENTS = {
  run: `query Run($id: ID!) { execution(id: $id) { ${RUN} } }`,
  runs: `query Runs($filter: ExecutionFilter, $first: Int, $after: String) {
    executions(filter: $filter, first: $first, after: $after) {
      edges { node { ${RUN} } } ${PAGE_INFO} } }`,
  steps: `query Steps($id: ID!) { execution(id: $id) { steps { ${STEP} } } }`,
  step: `query Step($id: ID!, $step: String!, $turn: String!, $iteration: String) { execution(id: $id) {
    steps(name: $step, iteration: $iteration) { ${STEP} inputs result startedAt completedAt }
    turns: steps(name: $turn) { path iteration result } } }`,
  artifacts: `query Artifacts($id: ID!) {
    execution(id: $id) { artifacts { path bytes sha256 step createdAt url } } }`,
  start: `mutation Start($directive: String!, $version: String, $source: String, $inputs: JSON, $idempotencyKey: String) {
    startExecution(directive: $directive, version: $version, source: $source, inputs: $inputs,
      idempotencyKey: $idempotencyKey) { ${RUN} } }`,
  cancel: `mutation Cancel($id: ID!, $reason: String, $force: Boolean, $grace: Float) {
    cancelExecution(id: $id, reason: $reason, force: $force, graceSeconds: $grace) { ${RUN} cancelDueAt } }`,
  rerun: `mutation Rerun($id: ID!, $fromStep: String, $iteration: String, $inputs: JSON, $version: String) {
    rerunExecution(id: $id, fromStep: $fromStep, iteration: $iteration, inputs: $inputs, version: $version) { ${RUN} } }`,
  shadow: `mutation Shadow($id: ID!, $version: String, $source: String, $inputs: JSON, $goOn: Boolean) {
    shadowExecution(id: $id, version: $version, source: $source, inputs: $inputs, goOn: $goOn) { ${RUN} } }`,
  differences: `query Differences($id: ID!) { execution(id: $id) {
    shadow { compared total differences { kind path iteration name recorded shadow } } } }`,
  pause: `mutation Pause($id: ID!) { pauseExecution(id: $id) { ${RUN} } }`,
  resume: `mutation Resume($id: ID!) { resumeExecution(id: $id) { ${RUN} } }`,
  cancelMany: `mutation CancelMany(${WHICH}, $reason: String, $force: Boolean, $grace: Float) {
    cancelExecutions(${WHICH_RUNS}, reason: $reason, force: $force, graceSeconds: $grace) { ${BULK} } }`,
  pauseMany: `mutation PauseMany(${WHICH}) { pauseExecutions(${WHICH_RUNS}) { ${BULK} } }`,
  resumeMany: `mutation ResumeMany(${WHICH}) { resumeExecutions(${WHICH_RUNS}) { ${BULK} } }`,
  rerunMany: `mutation RerunMany(${WHICH}, $fromStep: String, $version: String) {
    rerunExecutions(${WHICH_RUNS}, fromStep: $fromStep, version: $version) { ${BULK} } }`,
  signal: `mutation Signal($id: ID!, $name: String!, $payload: JSON) {
    signalExecution(id: $id, name: $name, payload: $payload) { ${RUN} } }`,
  approvals: `query Approvals($status: String, $executionId: ID, $first: Int) {
    approvals(status: $status, executionId: $executionId, first: $first) { nodes { ${APPROVAL} } } }`,
  approval: `query Approval($idPrefix: String) {
    approvals(idPrefix: $idPrefix, first: 1) { nodes { ${APPROVAL} } } }`,
  approvers: `query Approvers { approvers { actor role you } }`,
  runIds: `query RunIds($filter: ExecutionFilter, $first: Int) {
    executions(filter: $filter, first: $first) { nodes { id directiveName status startedAt } } }`,
  approvalIds: `query ApprovalIds($idPrefix: String, $status: String, $first: Int) {
    approvals(idPrefix: $idPrefix, status: $status, first: $first) {
      nodes { id kind step status executionId askedBy } } }`,
  resolveApproval: `mutation Resolve($id: ID!, $decision: Decision!, $comment: String, $form: JSON, $hash: String) {
    resolveApproval(id: $id, decision: $decision, comment: $comment, form: $form, hash: $hash) { ${APPROVAL} } }`,
  answerRequest: `mutation Answer($id: ID!, $text: String!) {
    answerRequest(id: $id, text: $text) { ${APPROVAL} } }`,
  runUpdated: `subscription RunUpdated($id: ID!) { executionUpdated(id: $id) { id } }`,
  stepUpdated: `subscription StepUpdated($id: ID!) {
    stepUpdated(executionId: $id) { ${STEP} progress { done total message } } }`,
  knowledge: `query ($source: String, $after: String) { knowledge(source: $source, first: 100, after: $after) {
    nodes { id title category content confidence learnedFrom createdAt updatedAt } pageInfo { hasNextPage endCursor } } }`,
  directives: `query Directives($source: String, $query: String, $after: String) {
    directives(source: $source, query: $query, first: 100, after: $after) {
      edges { node { ${DIRECTIVE} } } ${PAGE_INFO} } }`,
  directive: `query Directive($name: String!, $version: String) {
    directive(name: $name, version: $version) { ${DIRECTIVE} text inputs permissions planHash
      versions { version planHash createdAt } } }`,
  library: `query Library { leftOutFiles { file name message shadowed } configuration { file stale } }`,
  configuration: `query Configuration { configuration { file stale } }`,
  plan: `query Plan($name: String!, $version: String) {
    directive(name: $name, version: $version) { plan } }`,
  impact: `query Impact($source: String!) {
    validateDirective(source: $source) { impact { code severity message runs } } }`,
  orphans: `query Orphans { orphans { code severity message runs } }`,
  declared: `query Declared($name: String!, $version: String) {
    directive(name: $name, version: $version) { inputs } }`,
  servers: `query Servers { mcpServers { id state reason since transport jailed protocolVersion
    warnings tools { name description inputSchema }
    workers { workerId state reason since checkedAt latencyMs } } }`,
  call: `mutation Call($server: String!, $tool: String!, $arguments: JSON) {
    callMcpTool(server: $server, tool: $tool, arguments: $arguments) }`,
  secrets: `query Secrets { secrets { ${SECRET} } }`,
  setSecret: `mutation SetSecret($name: String!, $value: String!) {
    setSecret(name: $name, value: $value) { ${SECRET} } }`,
  deleteSecret: `mutation DeleteSecret($name: String!) { deleteSecret(name: $name) }`,
  rotateSecrets: `mutation RotateSecrets { rotateSecrets { keyId count } }`,
  logs: `query Logs($executionId: ID, $stepPath: String, $level: LogLevel, $first: Int, $after: String) {
    logs(executionId: $executionId, stepPath: $stepPath, level: $level, first: $first, after: $after) {
      edges { node { ${LOG} } } ${PAGE_INFO} } }`,
  logAdded: `subscription LogAdded($executionId: ID, $level: LogLevel) {
    logAdded(executionId: $executionId, level: $level) { ${LOG} } }`,
} as const;
