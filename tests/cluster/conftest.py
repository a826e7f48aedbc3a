from tests.support.cluster import installed_servers, open_cluster, secure_cluster

__all__ = ["installed_servers", "open_cluster", "secure_cluster"]
