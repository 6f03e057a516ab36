gradc_test(codegen LINKS compiler_codegen runtime)
