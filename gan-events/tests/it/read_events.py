"""What TensorBoard reads of a folder, as JSON: `python -c … FOLDER`."""

import json
import math
import sys

import numpy
from tensorboard.backend.event_processing import event_accumulator
from tensorboard.plugins.hparams import api_pb2, metadata
from tensorboard.util import tensor_util

everything = {kind: 0 for kind in ("scalars", "images", "tensors")}
events = event_accumulator.EventAccumulator(sys.argv[1], size_guidance=everything)
events.Reload()


def number(value):
    # As few digits as 32 bits have.
    return float(str(numpy.float32(value))) if math.isfinite(value) else str(value)


found = {"scalars": {}, "images": {}, "histograms": {}, "texts": {}, "hparams": {}}
for tag in events.Tags()["scalars"]:
    found["scalars"][tag] = [[event.step, number(event.value)] for event in events.Scalars(tag)]
for tag in events.Tags()["images"]:
    found["images"][tag] = [
        [event.step, event.width, event.height, event.encoded_image_string[1:4].decode()]
        for event in events.Images(tag)
    ]
for tag in events.Tags()["tensors"]:
    plugin = events.SummaryMetadata(tag).plugin_data
    arrays = [
        [event.step, tensor_util.make_ndarray(event.tensor_proto)] for event in events.Tensors(tag)
    ]
    if plugin.plugin_name == "histograms":
        found["histograms"][tag] = [[step, array.tolist()] for step, array in arrays]
    elif plugin.plugin_name == "text":
        found["texts"][tag] = [[step, array[0].decode()] for step, array in arrays]
    elif tag == metadata.SESSION_START_INFO_TAG:
        start = metadata.parse_session_start_info_plugin_data(plugin.content)
        found["hparams"]["settings"] = {
            name: getattr(value, value.WhichOneof("kind")) for name, value in start.hparams.items()
        }
    elif tag == metadata.SESSION_END_INFO_TAG:
        end = metadata.parse_session_end_info_plugin_data(plugin.content)
        found["hparams"]["status"] = api_pb2.Status.Name(end.status)
    else:
        raise SystemExit(f"{tag}: nothing reads the plugin {plugin.plugin_name}")
json.dump(found, sys.stdout)
