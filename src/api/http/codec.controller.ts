import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { objectOf } from '../shared/object-of.js';
import { Requires } from '../rights/requires.decorator.js';
import { PayloadDecoder } from './payload-decoder.js';

/** Temporal's codec server: `temporal workflow show --codec-endpoint URL/codec --codec-auth "Bearer KEY"`. */
@Controller('codec')
export class CodecController {
  constructor(@Inject(PayloadDecoder) private readonly decoder: PayloadDecoder) {}

  @Requires('read:payloads')
  @HttpCode(200)
  @Post('decode')
  decode(@Body() body: unknown) {
    return this.decoder.decode(objectOf(body, 'the body'));
  }
}
