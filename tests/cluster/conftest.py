from tests.support.clusters import installed_servers, not_a_setting, open_cluster, secure_cluster

__all__ = ["installed_servers", "not_a_setting", "open_cluster", "secure_cluster"]
