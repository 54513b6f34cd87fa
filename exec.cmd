@rem npm start on Windows, whose shell has no exec: elsewhere that makes way for the service, so that signals reach it.
@%*
