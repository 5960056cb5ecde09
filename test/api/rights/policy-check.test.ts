import { Controller, Get, Module } from '@nestjs/common';
import { MetadataScanner, NestFactory } from '@nestjs/core';
import { Query, Resolver } from '@nestjs/graphql';
import { expect, test } from '@jest/globals';
import { PolicyCheck } from '../../../src/api/rights/policy-check.js';
import { BulkResolver } from '../../../src/api/graphql/executions/bulk.resolver.js';
import { ExecutionsResolver } from '../../../src/api/graphql/executions/executions.resolver.js';
import { POLICY, Public, Requires } from '../../../src/api/rights/requires.decorator.js';

@Controller()
class Routes {
  @Public()
  @Get('open')
  open() {}

  @Requires('read:logs')
  @Get('guarded')
  guarded() {}
}

@Controller()
class Forgetful {
  @Get('forgotten')
  forgotten() {}
}

@Resolver()
class ForgetfulResolver {
  @Query(() => String)
  overlooked() {
    return '';
  }
}

const boot = async (controllers: any[], providers: any[]) => {
  @Module({ controllers, providers: [MetadataScanner, PolicyCheck, ...providers] })
  class Root {}
  const app = await NestFactory.createApplicationContext(Root, {
    logger: false,
    abortOnError: false,
  });
  await app.close();
};

test('a process whose handlers all have a policy starts', async () => {
  await expect(boot([Routes], [])).resolves.toBeUndefined();
});

test('one without stops it, by name', async () => {
  await expect(boot([Routes, Forgetful], [ForgetfulResolver])).rejects.toThrow(
    'No policy on Forgetful.forgotten, ForgetfulResolver.overlooked',
  );
});

test('each operation on a run is a right of its own', () => {
  const rightsOf = (resolver: { prototype: object }) =>
    Object.getOwnPropertyNames(resolver.prototype).flatMap((name) => {
      const right = Reflect.getMetadata(POLICY, (resolver.prototype as any)[name]) as string;
      return right?.startsWith('write:') ? [`${name} ${right}`] : [];
    });
  const own = ['cancel', 'pause', 'resume', 'rerun'].map(
    (name) => `${name} write:executions:${name}`,
  );
  expect(rightsOf(BulkResolver).sort()).toEqual([...own].sort());
  const single = ['signal', 'shadow'].map((name) => `${name} write:executions:${name}`);
  expect(rightsOf(ExecutionsResolver).sort()).toEqual([...own, ...single].sort());
});
