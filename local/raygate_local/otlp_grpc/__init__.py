"""OTLP over gRPC: the same handler behind another door."""

from raygate_local.otlp_grpc.server import GrpcServer, serve

__all__ = ["GrpcServer", "serve"]
