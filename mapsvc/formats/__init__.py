"""A frame as bytes, one module per family of formats. No request, no file: values in, bytes out."""
