//! The recorded cases: what the peer answers, and where it is wrong, what a person would expect. Run with
//! `DIFFS=1` (or a part of a group's name) to see each difference; `CASES` names one more file to run.

use std::collections::BTreeMap;

use super::support::{Case, cases, run};

/// Runs `file` and returns how many of how many pass, with the rates of the groups printed.
#[expect(clippy::print_stdout, reason = "the rates are what one runs this test for")]
fn rate(file: &str, passes: impl Fn(&Case, &Result<serde_json::Value, String>) -> bool) -> (usize, usize) {
    let wanted = std::env::var("DIFFS").ok();
    let mut groups: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for case in cases(file) {
        let got = run(&case);
        let pass = passes(&case, &got);
        let group = groups.entry(case.group.clone()).or_default();
        group.0 += usize::from(pass);
        group.1 += 1;
        if !pass
            && wanted.as_ref().is_some_and(|wanted| wanted == "1" || case.group.contains(wanted.as_str()))
        {
            let types: Vec<&str> = case
                .baml
                .lines()
                .filter(|line| !line.contains("client ") && !line.contains("prompt #") && *line != "}")
                .map(str::trim)
                .collect();
            println!(
                "--- {} {}\n  {}\n  text:   {}",
                case.id,
                if case.partial { "(partial)" } else { "" },
                types.join("; "),
                short(&format!("{:?}", case.text))
            );
            println!("  expect: {}", short(&case.expect.to_string()));
            if let Some(better) = &case.better {
                println!("  better: {}", short(&better.to_string()));
            }
            println!(
                "  got:    {}",
                short(&got.map_or_else(|error| format!("error: {error}"), |json| json.to_string()))
            );
        }
    }
    for (group, (pass, total)) in &groups {
        if pass < total {
            println!("{group:32} {pass:4} / {total}");
        }
    }
    let (pass, total) =
        groups.values().fold((0, 0), |(pass, total), group| (pass + group.0, total + group.1));
    println!("{file}: {pass} / {total}");
    (pass, total)
}

fn short(text: &str) -> String {
    if text.chars().count() > 400 {
        format!("{}…", text.chars().take(400).collect::<String>())
    } else {
        text.to_owned()
    }
}

fn like_the_peer(case: &Case, got: &Result<serde_json::Value, String>) -> bool {
    case.expect.matches(got)
}

#[test]
fn finished_answers() {
    let (pass, total) = rate("open/cases.jsonl", like_the_peer);
    assert!(pass * 100 >= total * 98, "{pass} of {total}");
}

#[test]
fn unfinished_answers() {
    let (pass, total) = rate("open/prefixes.jsonl", like_the_peer);
    assert!(pass * 100 >= total * 98, "{pass} of {total}");
}

#[test]
fn better_answers() {
    let (pass, total) =
        rate("better.jsonl", |case, got| case.better.as_ref().is_some_and(|better| better.matches(got)));
    assert!(pass * 100 >= total * 85, "{pass} of {total}");
}

#[test]
fn given_answers() {
    if let Ok(file) = std::env::var("CASES") {
        rate(&file, like_the_peer);
    }
}
