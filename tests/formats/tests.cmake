# What other programs make of the printed formulas: scripts that share no code with gradc.
set(formats ${PROJECT_SOURCE_DIR}/tests/formats)
set(python /usr/bin/python3)
find_path(GRADC_KATEX_DIR katex.js PATHS /usr/share/javascript/katex)

add_test(NAME formats.katex
  COMMAND node ${formats}/check_katex.js ${GRADC_KATEX_DIR}/katex.js $<TARGET_FILE:gradc>
    ${PROJECT_SOURCE_DIR}/tests/golden/derivation ${PROJECT_SOURCE_DIR}/tests/golden/matrix ${PROJECT_SOURCE_DIR}/samples
    ${PROJECT_SOURCE_DIR}/samples/exercises/solutions ${formats})

set(read_back
  02_polynomial 05_chain_rule 06_chain_named 09_fit_parabola 10_fit_quadratic 11_perceptron 12_sigmoid_perceptron
  13_hidden_layer 14_chain_of_partials 30_recurrence 31_rnn 32_ode)
list(TRANSFORM read_back REPLACE "(.+)" "${PROJECT_SOURCE_DIR}/samples/\\1.grad")
add_test(NAME formats.latex_samples COMMAND ${python} ${formats}/check_latex.py $<TARGET_FILE:gradc> ${read_back}
  ${PROJECT_SOURCE_DIR}/samples/15_jacobian.grad ${PROJECT_SOURCE_DIR}/samples/40_normal_equations.grad
  ${PROJECT_SOURCE_DIR}/samples/41_multivariate_normal.grad ${PROJECT_SOURCE_DIR}/samples/42_gaussian_process.grad
  ${PROJECT_SOURCE_DIR}/samples/43_densities.grad ${PROJECT_SOURCE_DIR}/samples/44_waiting_times.grad
  ${PROJECT_SOURCE_DIR}/samples/gradbench/gmm.grad
  ${PROJECT_SOURCE_DIR}/samples/gradbench/kmeans.grad ${PROJECT_SOURCE_DIR}/samples/gradbench/ode.grad
  ${formats}/matrices.grad ${formats}/many_matrices.grad ${formats}/page_matrices.grad)
# Not the long recurrences: written out as terms they are large.
set(run_by_sympy ${read_back})
list(FILTER run_by_sympy EXCLUDE REGEX "14_|31_|32_")
add_test(NAME formats.sympy_samples
  COMMAND ${python} ${formats}/check_sympy.py $<TARGET_FILE:gradc> ${run_by_sympy} ${PROJECT_SOURCE_DIR}/samples/01_square.grad
    ${PROJECT_SOURCE_DIR}/samples/03_line.grad ${PROJECT_SOURCE_DIR}/samples/43_densities.grad
    ${PROJECT_SOURCE_DIR}/samples/44_waiting_times.grad
    ${formats}/sympy_terms.grad ${formats}/sympy_recurrence.grad ${formats}/sympy_noise.grad
    ${PROJECT_SOURCE_DIR}/samples/41_multivariate_normal.grad)
# Symbols in larger matrices become terms that nobody can read; numbers do not.
add_test(NAME formats.sympy_numbers
  COMMAND ${python} ${formats}/check_sympy.py $<TARGET_FILE:gradc> --numbers ${formats}/matrices.grad
    ${formats}/page_matrices.grad ${formats}/many_matrices.grad
    ${PROJECT_SOURCE_DIR}/samples/40_normal_equations.grad ${PROJECT_SOURCE_DIR}/samples/42_gaussian_process.grad)
add_test(NAME formats.latex_second_derivatives COMMAND ${python} ${formats}/check_latex.py $<TARGET_FILE:gradc> --order 2
  ${PROJECT_SOURCE_DIR}/samples/02_polynomial.grad ${PROJECT_SOURCE_DIR}/samples/05_chain_rule.grad
  ${PROJECT_SOURCE_DIR}/samples/10_fit_quadratic.grad ${PROJECT_SOURCE_DIR}/samples/12_sigmoid_perceptron.grad)

# Random programs as files, from the generator of tests/random: each must be read, and must agree.
add_executable(write_programs ${formats}/write_programs.cpp)
target_link_libraries(write_programs PRIVATE gradc_flags random_programs)
add_test(NAME formats.latex_random
  COMMAND ${python} ${formats}/check_latex.py $<TARGET_FILE:gradc> --programs $<TARGET_FILE:write_programs> 100)
add_test(NAME formats.latex_random_second
  COMMAND ${python} ${formats}/check_latex.py $<TARGET_FILE:gradc> --order 2 --programs $<TARGET_FILE:write_programs> 25)

# Pages as a browser shows them: two networks, a recurrence, matrices with claims, densities, an iterate, long lines.
set(samples ${PROJECT_SOURCE_DIR}/samples)
add_test(NAME formats.pages
  COMMAND ${python} ${formats}/check_pages.py $<TARGET_FILE:gradc>
    ${samples}/exercises/solutions/05_backpropagation.grad --steps
    -- ${samples}/31_rnn.grad --steps --wrt b,c
    -- ${formats}/page_matrices.grad --style matrix --update
    -- ${samples}/43_densities.grad
    -- ${samples}/05_chain_rule.grad --steps --at x=2
    -- ${samples}/33_newton.grad
    -- ${samples}/35_sequences.grad --notation nabla)
add_test(NAME formats.broken_pages
  COMMAND ${python} ${formats}/check_pages.py $<TARGET_FILE:gradc> --broken ${samples}/05_chain_rule.grad)
