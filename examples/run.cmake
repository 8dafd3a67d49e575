# Runs an example and looks at what it prints and how it ends; PASS_REGULAR_EXPRESSION would look at
# the first alone. Variables: program, expected (a regular expression for standard output).

execute_process(COMMAND "${program}" RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE error)
if(NOT code EQUAL 0)
    message(FATAL_ERROR "ended with ${code}:\n${output}${error}")
endif()
if(error)
    message(FATAL_ERROR "wrote to standard error:\n${error}")
endif()
if(NOT output MATCHES "${expected}")
    message(FATAL_ERROR "expected '${expected}', found:\n${output}")
endif()
