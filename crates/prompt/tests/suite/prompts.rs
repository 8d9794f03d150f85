//! Every file in `prompts/` is a program that a user could have written. Its tests say the arguments; the snapshot
//! beside it shows what the model would be sent.

use crate::support::{Program, show};

#[test]
fn prompts() {
    insta::glob!("prompts/*.baml", |path| {
        let program = Program::load(&std::fs::read_to_string(path).unwrap());
        let mut text = String::new();
        for test in &program.schema.tests {
            for function in &test.functions {
                text.push_str(&format!("=== {} of {function}\n", test.name));
                match program.render(function, test.args.clone()) {
                    Ok(prompt) => text.push_str(&show(&prompt)),
                    Err(error) => text.push_str(&format!("{:?}: {error}\n", error.kind())),
                }
                text.push('\n');
            }
        }
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(text);
        });
    });
}

/// Every file in `flaws/` has prompts, template strings or constraints that do not compile.
#[test]
fn flaws() {
    insta::glob!("flaws/*.baml", |path| {
        let sources = vec![("main.baml".to_owned(), std::fs::read_to_string(path).unwrap())];
        let (schema, _) = schema::load(&sources);
        let (_, diagnostics) = baml_prompt::Templates::compile_with_sources(&schema, &sources);
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(schema::render(&sources, &diagnostics, false));
        });
    });
}
