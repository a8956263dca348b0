"""What the program is about: records, ids, time, rules. Pure; knows no files, Git, clock or terminal."""
