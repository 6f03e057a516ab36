# Instructions of compiled functions, against regressions of speed.
add_test(NAME counts.instructions
  COMMAND /usr/bin/python3 ${PROJECT_SOURCE_DIR}/tests/counts/count.py $<TARGET_FILE:gradc> ${PROJECT_SOURCE_DIR}
    ${PROJECT_SOURCE_DIR}/tests/counts/expected.txt)
