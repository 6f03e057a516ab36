gradc_test(render LINKS compiler_render)
