# Writes HEADER from TEMPLATE with the commit of SOURCE; a tree without history has none.
execute_process(COMMAND git describe --always --dirty --abbrev=12 WORKING_DIRECTORY ${SOURCE}
  OUTPUT_VARIABLE WANWISE_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT WANWISE_COMMIT)
  set(WANWISE_COMMIT unknown)
endif()
configure_file(${TEMPLATE} ${HEADER} @ONLY)
