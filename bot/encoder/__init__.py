"""Builds the sentence encoder (int8 ONNX) from pinned weights; nothing here runs while serving."""
