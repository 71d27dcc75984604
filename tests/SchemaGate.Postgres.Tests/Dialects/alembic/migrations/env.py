revision_environment = False
