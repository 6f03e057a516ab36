gradc_test(operators LINKS compiler_operators mpfr gmp)
