import { ask, cancel, type Domain, explain, list, nothing, run, status, system } from '../case.js';

export const operations: Domain = {
  name: 'operations',
  directives: {
    deploy_staging: {
      description: 'Deploys one service to the staging environment',
      inputs: { service: { type: 'string', description: 'The service to deploy', required: true } },
    },
    deploy_production: {
      description: 'Deploys one service to production',
      inputs: {
        service: { type: 'string', description: 'The service', required: true },
        version: { type: 'string', description: 'A version tag', required: false },
      },
    },
    restart_service: {
      description: 'Restarts a running service',
      inputs: {
        service: { type: 'string', required: true },
        environment: { type: 'string', enum: ['staging', 'production'], required: true },
      },
    },
    scale_service: {
      description: 'Changes how many replicas of a service run',
      inputs: {
        service: { type: 'string', required: true },
        replicas: { type: 'integer', required: true },
      },
    },
    backup_database: {
      description: 'Makes a backup of a database',
      inputs: { database: { type: 'string', default: 'main', required: false } },
    },
    drop_database: {
      description: 'Drops a database and everything in it',
      inputs: { database: { type: 'string', required: true } },
    },
    rotate_certificates: { description: 'Renews the TLS certificates of all hosts' },
    check_disk_space: { description: 'Checks how much disk space is left on every host' },
    tail_logs: {
      description: 'Shows the last lines of the logs of a service',
      inputs: {
        service: { type: 'string', required: true },
        lines: { type: 'integer', default: 100, required: false },
      },
    },
  },
  cases: [
    ['deploy the auth service to staging', run('deploy_staging', { service: 'auth' })],
    ['please deploy billing to staging', run('deploy_staging', { service: 'billing' })],
    ['can you deploy the web service to production?', run('deploy_production', { service: 'web' })],
    [
      'could you please put deploy_staging through with service=search',
      run('deploy_staging', { service: 'search' }),
    ],
    ['run deploy_staging with service mailer', run('deploy_staging', { service: 'mailer' })],
    [
      'run deploy_production service: api version: v2.1.0',
      run('deploy_production', { service: 'api', version: 'v2.1.0' }),
    ],
    [
      'deploy to staging',
      ask('deploy_staging'),
      'the auth service',
      run('deploy_staging', { service: 'auth' }),
    ],
    [
      'deploy staging',
      ask('deploy_staging'),
      'gateway',
      run('deploy_staging', { service: 'gateway' }),
    ],
    ['deploy to production', ask('deploy_production'), 'never mind', nothing],
    ['deplyo the auth service to staging', run('deploy_staging', { service: 'auth' })],
    [
      'restart the payments service in production',
      run('restart_service', { service: 'payments', environment: 'production' }),
    ],
    [
      'restart service cache on staging pls',
      run('restart_service', { service: 'cache', environment: 'staging' }),
    ],
    [
      'restart the cache service',
      ask('restart_service'),
      'staging',
      run('restart_service', { service: 'cache', environment: 'staging' }),
    ],
    [
      'scale the worker service to 5 replicas',
      run('scale_service', { service: 'worker', replicas: 5 }),
    ],
    ['scale service api with replicas 12', run('scale_service', { service: 'api', replicas: 12 })],
    ['scale_service service=api replicas=3', run('scale_service', { service: 'api', replicas: 3 })],
    ['make a backup of the database', run('backup_database')],
    ['hey, back up the orders database please', run('backup_database', { database: 'orders' })],
    ['backup database', run('backup_database')],
    ['drop the orders database', ask('drop_database'), 'no', nothing],
    [
      'drop the orders database',
      ask('drop_database'),
      'yes',
      run('drop_database', { database: 'orders' }),
    ],
    ['get rid of a database', ask(true)],
    ['renew the certificates', run('rotate_certificates')],
    ['rotate certificates', run('rotate_certificates')],
    ['rotate certificats', run('rotate_certificates')],
    ['check the disk space', run('check_disk_space')],
    ['how much disk space is left?', run('check_disk_space')],
    [
      'show me the last 50 lines of the logs of the auth service',
      run('tail_logs', { service: 'auth', lines: 50 }),
    ],
    ['tail the logs of service web', run('tail_logs', { service: 'web' })],
    ['what can I run?', list()],
    ['list all directives', list()],
    ['what directives do I have for deploying?', list('directive', /deploy/)],
    ['which scripts are there?', list('tool')],
    ['what does drop_database do?', explain('drop_database')],
    ['how do I scale a service?', explain('scale_service')],
    ['help me with backups of the database', explain('backup_database')],
    ['what failed last night?', status({ failed: true, since: '16h' })],
    ['what is running right now?', status()],
    ['why did the last run fail?', status({ failed: true, why: true })],
    ['did the deploy finish?', status()],
    ['what platform am I on?', system('runtime')],
    ['where is my userspace?', system('paths')],
    ["don't deploy anything", nothing],
    [
      'deploy the auth service to staging',
      run('deploy_staging', { service: 'auth' }),
      'and the web service too',
      run('deploy_staging', { service: 'web' }),
    ],
    [
      'deploy the auth service to staging',
      run('deploy_staging', { service: 'auth' }),
      'again',
      run('deploy_staging', { service: 'auth' }),
    ],
    [
      'deploy the auth service to staging',
      run('deploy_staging', { service: 'auth' }),
      'stop that',
      cancel,
    ],
    ['thanks!', nothing],
    ['make me a sandwich', nothing],
  ],
};
