import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--model", default="small", help="which Whisper model")
parser.add_argument("--device", default="cuda")
parser.add_argument("--output_format", default="all", choices=["all", "srt", "vtt"])
parser.add_argument("--align_model", default=None)
parser.add_argument("--vad_method", default="pyannote", choices=["pyannote", "silero"])
parser.add_argument("--diarize_model", default="pyannote/speaker-diarization-community-1", type=str)
