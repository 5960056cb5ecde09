import { acceptedContent, type InputResponses } from '@modelcontextprotocol/server';
import type { Principal } from '../../../access/principal.js';
import { MissionError } from '../../../contracts/errors.js';
import { isObject, type JsonObject } from '../../../contracts/json/json.js';
import type { ApprovalService } from '../../../kernel/approval-service.js';
import { needs } from '../../rights/needs.js';

/**
 * Takes a person's answer to an approval. The service checks anew who may decide, and that nobody has decided.
 * @returns false if the form was closed without an answer
 * @throws MissionError `permission_denied`, `conflict`, `not_found`, `input_invalid`
 */
export async function decide(
  service: ApprovalService,
  id: string,
  responses: InputResponses | Record<string, unknown> | undefined,
  principal: Principal,
): Promise<boolean> {
  const content = acceptedContent(responses, id);
  if (!isObject(content)) return false;
  const { decision, comment, ...form } = content as JsonObject;
  if (decision !== 'approve' && decision !== 'deny')
    throw new MissionError('input_invalid', '"decision" must be approve or deny.');
  needs(principal, 'write:approvals');
  const { actor, role } = principal;
  await service.resolve({
    id,
    decision: decision === 'approve' ? 'approved' : 'denied',
    comment: typeof comment === 'string' ? comment : null,
    form,
    actor,
    role,
  });
  return true;
}
