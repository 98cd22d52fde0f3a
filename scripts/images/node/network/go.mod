module envctl.dev/images/network

go 1.24.0
