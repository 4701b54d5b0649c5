"""The `redress` command's parts, one module for each topic. Heavy imports wait inside the commands."""
