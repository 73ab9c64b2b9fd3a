"""The peer: pipecat behind a media stream of 20 ms mu-law, as its documentation sets one up. Runs in the throw-away environment of the README.

No model answers: a greeting of eight seconds is played and every frame is heard, with Silero or with no voice detection at all.
"""

import asyncio
import json
import math
import os
import struct
import sys
from typing import Any

import uvicorn
from fastapi import FastAPI, WebSocket
from loguru import logger
from pipecat.frames.frames import InputAudioRawFrame, OutputAudioRawFrame, StartFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.runner import PipelineRunner
from pipecat.pipeline.task import PipelineParams, PipelineTask
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.serializers.twilio import TwilioFrameSerializer
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport

RATE = 8000
GREETING_SECONDS = 8
app = FastAPI()
heard = {"frames": 0}


def greeting() -> bytes:
    """The same sound as the other side plays."""
    at = (n / RATE for n in range(GREETING_SECONDS * RATE))
    samples = (int(5000 * math.sin(2 * math.pi * 300 * t) * (0.5 + 0.5 * math.sin(2 * math.pi * 3 * t))) for t in at)
    return struct.pack(f"<{GREETING_SECONDS * RATE}h", *samples)


GREETING = greeting()


class Answers(FrameProcessor):  # type: ignore[misc]
    """Greets once and counts what it hears."""

    async def process_frame(self, frame: Any, direction: FrameDirection) -> None:
        """One frame of the pipeline."""
        await super().process_frame(frame, direction)
        if isinstance(frame, InputAudioRawFrame):
            heard["frames"] += 1
            return
        await self.push_frame(frame, direction)
        if isinstance(frame, StartFrame):
            await self.push_frame(OutputAudioRawFrame(audio=GREETING, sample_rate=RATE, num_channels=1))


@app.websocket("/call")
async def call(websocket: WebSocket) -> None:
    """One call."""
    await websocket.accept()
    messages = websocket.iter_text()
    await anext(messages)
    sid = json.loads(await anext(messages))["start"]["streamSid"]
    serializer = TwilioFrameSerializer(stream_sid=sid, params=TwilioFrameSerializer.InputParams(auto_hang_up=False))
    params = FastAPIWebsocketParams(audio_in_enabled=True, audio_out_enabled=True, add_wav_header=False, serializer=serializer)
    transport = FastAPIWebsocketTransport(websocket=websocket, params=params)
    hearing = []
    if "silero" in sys.argv:
        from pipecat.audio.vad.silero import SileroVADAnalyzer
        from pipecat.processors.audio.vad_processor import VADProcessor

        hearing.append(VADProcessor(vad_analyzer=SileroVADAnalyzer()))
    pipeline = Pipeline([transport.input(), *hearing, Answers(), transport.output()])
    task = PipelineTask(pipeline, params=PipelineParams(audio_in_sample_rate=RATE, audio_out_sample_rate=RATE))

    @transport.event_handler("on_client_disconnected")  # type: ignore[untyped-decorator]
    async def gone(_transport: Any, _websocket: Any) -> None:
        await task.cancel()

    await PipelineRunner(handle_sigint=False).run(task)


async def main() -> None:
    """Serve on the port that was given."""
    os.sched_setaffinity(0, {int(sys.argv[2])})
    logger.remove()
    config = uvicorn.Config(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False)
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(main())
