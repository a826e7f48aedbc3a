from tests.support.stack import running_stack

__all__ = ["running_stack"]
